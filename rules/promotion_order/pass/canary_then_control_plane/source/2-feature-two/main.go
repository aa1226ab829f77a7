package main // two
