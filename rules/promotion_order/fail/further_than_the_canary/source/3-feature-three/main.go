package main // three
