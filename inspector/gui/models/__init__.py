"""What the desk's views show: rows, their arrangement, selection and facets."""
