"""The pages that residents open without an account, and those on which staff manage them."""
