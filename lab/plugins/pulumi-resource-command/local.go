package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"lab/plugins/provider"
)

func checkLocal(inputs provider.Props) []provider.Failure {
	var failures []provider.Failure
	for _, property := range []string{"assetPaths", "archivePaths"} {
		if _, has := inputs[property]; has {
			reason := "the lab's stand-in returns no files: print what is needed to stdout"
			failures = append(failures, provider.Failure{Property: property, Reason: reason})
		}
	}
	return failures
}

func runHere(command string, inputs provider.Props, last said, operation provider.Operation) (said, error) {
	words := provider.Texts(inputs, "interpreter")
	if len(words) == 0 {
		words = []string{"/bin/sh", "-c"}
	}
	process := exec.Command(words[0], append(words[1:], command)...)
	process.Dir = provider.Text(inputs, "dir")
	process.Env = os.Environ()
	for _, variables := range []map[string]string{environment(inputs), previously(inputs, last)} {
		for name, value := range variables {
			process.Env = append(process.Env, name+"="+value)
		}
	}
	process.Stdin = strings.NewReader(provider.Text(inputs, "stdin"))
	heard := listen(inputs, operation)
	process.Stdout, process.Stderr = &heard.stdout, &heard.stderr
	// A process group of its own, so that it can be ended with all that it started.
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := process.Start(); err != nil {
		return said{}, heard.failure(err, command)
	}
	// Not the context of the process itself, which forgets of the group when its first process has ended.
	defer context.AfterFunc(operation.Context, func() { _ = syscall.Kill(-process.Process.Pid, syscall.SIGKILL) })()
	// It ends when its output does, which others may still write to.
	if err := process.Wait(); err != nil {
		return said{}, heard.failure(err, command)
	}
	return heard.said(), nil
}
