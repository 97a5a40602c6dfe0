"""What all tests share. Its place puts the folder on the path, so that tests find card_schema and their like."""
