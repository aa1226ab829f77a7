package main // one
