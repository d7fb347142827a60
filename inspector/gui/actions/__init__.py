"""What the user can do, as data; menus, shortcuts and the key sheet are built from it."""
