"""Coupons and campaigns: what to show whom, whom to address, what is bought anyway, what displays and mailers do."""
