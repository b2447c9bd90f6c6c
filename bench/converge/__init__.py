"""What bringing twenty properties into their state costs: our way, and the way of one launch for each."""
