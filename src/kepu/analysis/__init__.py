"""A round's lists from columns: for a site, province or country too large to be ranked in memory."""
