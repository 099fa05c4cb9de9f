"""A milling cell: tools that wear, chip and break cut by cut, on machines that wear, too."""
