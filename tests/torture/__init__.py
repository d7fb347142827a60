"""Long scenarios for what must hold whatever the input does; ``make torture`` runs them."""
