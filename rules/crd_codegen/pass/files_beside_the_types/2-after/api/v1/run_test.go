package v1

// A test.
