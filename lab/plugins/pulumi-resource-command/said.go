package main

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"lab/plugins/provider"
)

// said is what a command said, each without its last line break.
type said struct {
	stdout, stderr string
}

// listener keeps what a command says, and shows each line as it comes.
type listener struct {
	mutex          sync.Mutex
	both           bytes.Buffer
	stdout, stderr stream
}

type stream struct {
	listener *listener
	kept     bytes.Buffer
	// Shows a line; nil where the resource wants none of this stream.
	show func(line string)
	rest []byte
}

func listen(inputs provider.Props, operation provider.Operation) *listener {
	made := &listener{}
	made.stdout.listener, made.stderr.listener = made, made
	logging, given := inputs["logging"].(string)
	if !given || logging == "stdoutAndStderr" || logging == "stdout" {
		made.stdout.show = operation.Log
	}
	if !given || logging == "stdoutAndStderr" || logging == "stderr" {
		made.stderr.show = operation.Log
	}
	return made
}

// Write keeps a part of what is said. An unfinished last line is not shown.
func (s *stream) Write(part []byte) (int, error) {
	s.listener.mutex.Lock()
	defer s.listener.mutex.Unlock()
	s.kept.Write(part)
	s.listener.both.Write(part)
	if s.show == nil {
		return len(part), nil
	}
	s.rest = append(s.rest, part...)
	for {
		line, rest, whole := bytes.Cut(s.rest, []byte("\n"))
		if !whole {
			return len(part), nil
		}
		s.rest = rest
		s.show(text(line))
	}
}

func (l *listener) said() said {
	return said{
		stdout: strings.TrimSuffix(text(l.stdout.kept.Bytes()), "\n"),
		stderr: strings.TrimSuffix(text(l.stderr.kept.Bytes()), "\n"),
	}
}

// failure says why a command failed, in the original's words, with all that it said.
func (l *listener) failure(why error, command string) error {
	return fmt.Errorf("%w: running %q:\n%s", why, command, text(l.both.Bytes()))
}

// What is no text cannot be told to the engine.
func text(bytes []byte) string {
	return strings.ToValidUTF8(string(bytes), "\uFFFD")
}
