"""What a paper is and how it is measured, written in numbers and words: nothing here makes bytes."""
