"""Writing data sets that are whole or visibly not, and reading them."""
