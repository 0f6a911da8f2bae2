"""Official figures: exports of the national app's back office, checked row by row, approved, entered."""
