"""One package per outside technology; none knows another."""
