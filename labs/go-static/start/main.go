// Prints a greeting, who it runs as and what time it is in São Paulo.
package main

import (
	"fmt"
	"os"
	"os/user"
	"time"
)

func main() {
	who, err := user.Current()
	if err != nil {
		fail(err)
	}
	place, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		fail(err)
	}
	now := time.Now().In(place).Format("15:04")
	fmt.Printf("%s (%s, %s)\n", os.Getenv("SAUDACAO"), who.Username, now)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "saudacao:", err)
	os.Exit(1)
}
