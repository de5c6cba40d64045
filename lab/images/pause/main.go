// First process of a pod's sandbox, as Kubernetes' own pause: it holds the namespaces, reaps orphans and waits.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// A second place is enough: signals that arrive while one is handled are told once, and the loop below reaps all.
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	for {
		reap()
		select {
		case <-children:
		case <-end:
			return
		}
	}
}

func reap() {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if pid <= 0 {
			return
		}
	}
}
