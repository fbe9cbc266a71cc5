package main

// int answer(void) { return 42; }
import "C"

func main() {
	println("the answer is", C.answer())
}
