//! The function for people: the page, its API, and the queue that asks them.
