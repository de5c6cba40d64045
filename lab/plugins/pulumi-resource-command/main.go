// Stand-in for the official command plugin, for the lab where that one cannot be downloaded. It runs commands here and, over SSH, on
// other machines, without a proxy between; files as outputs and the types that copy are missing.
package main

import (
	"crypto/rand"
	"encoding/hex"

	"lab/plugins/provider"
)

func main() {
	provider.Serve("command", map[string]provider.Type{
		"command:local:Command":  commandType(runHere, checkLocal),
		"command:remote:Command": commandType(runThere, checkRemote),
	})
}

// execute runs one command to its end, and tells what it said. last is what the command before it said.
type execute = func(command string, inputs provider.Props, last said, operation provider.Operation) (said, error)

// commandType is what local and remote commands have in common.
func commandType(execute execute, check func(provider.Props) []provider.Failure) provider.Type {
	// Without a command, what the last one said stays.
	run := func(command any, inputs provider.Props, last said, operation provider.Operation) (provider.Props, error) {
		now := last
		if command, given := command.(string); given {
			var err error
			if now, err = execute(command, inputs, last, operation); err != nil {
				return nil, err
			}
		}
		return provider.Props{"stdout": now.stdout, "stderr": now.stderr}, nil
	}
	before := func(state provider.Props) said {
		return said{stdout: provider.Text(state, "stdout"), stderr: provider.Text(state, "stderr")}
	}
	return provider.Type{
		Computed:        []string{"stdout", "stderr"},
		InheritsSecrecy: true,
		Replaces:        func(input string) bool { return input == "triggers" },
		Check: func(inputs provider.Props) []provider.Failure {
			logging := provider.OneOf(inputs, "logging", "stdout", "stderr", "stdoutAndStderr", "none")
			return append(check(inputs), logging...)
		},
		Create: func(inputs provider.Props, operation provider.Operation) (string, provider.Props, error) {
			id := make([]byte, 8)
			rand.Read(id)
			outputs, err := run(inputs["create"], inputs, said{}, operation)
			return hex.EncodeToString(id), outputs, err
		},
		Update: func(inputs, state provider.Props, operation provider.Operation) (provider.Props, error) {
			command, given := inputs["update"]
			if !given {
				command = inputs["create"]
			}
			return run(command, inputs, before(state), operation)
		},
		Delete: func(state provider.Props, operation provider.Operation) error {
			_, err := run(state["delete"], state, before(state), operation)
			return err
		},
	}
}

// environment gives the resource's own variables.
func environment(inputs provider.Props) map[string]string {
	own, _ := inputs["environment"].(provider.Props)
	variables := map[string]string{}
	for name := range own {
		variables[name] = provider.Text(own, name)
	}
	return variables
}

// previously gives what the command before this one said, as variables.
func previously(inputs provider.Props, last said) map[string]string {
	variables := map[string]string{}
	if add, given := inputs["addPreviousOutputInEnv"].(bool); given && !add {
		return variables
	}
	if last.stdout != "" {
		variables["PULUMI_COMMAND_STDOUT"] = last.stdout
	}
	if last.stderr != "" {
		variables["PULUMI_COMMAND_STDERR"] = last.stderr
	}
	return variables
}
