"""What every site of machines has: parts that age, a crew, a store, orders, alarms and notes."""
