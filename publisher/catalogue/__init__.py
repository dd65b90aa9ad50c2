"""What stands beside the editions in `build/`: a page that lists them, and feeds that tell of them."""
