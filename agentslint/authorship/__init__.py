"""What people wrote, where it stands, and how to edit it."""
