package provider

import "context"

// Failure describes an invalid input.
type Failure struct {
	Property, Reason string
}

// Operation is the context of one operation on a resource.
type Operation struct {
	// Done when the engine cancels the operation.
	Context context.Context
	// Shows a line beside the resource.
	Log func(line string)
}

// Type defines one resource type of a stand-in. Properties are plain here: see Props.
type Type struct {
	// Computed properties are set only by Create and Update, and are unknown in a preview.
	Computed []string
	// Computed properties that are always secret.
	Secret []string
	// InheritsSecrecy makes all computed properties secret if any input is secret.
	InheritsSecrecy bool
	// Replaces reports whether a changed input replaces the resource. If it is nil, every change does.
	Replaces func(input string) bool
	// Defaults returns values for absent inputs.
	Defaults func(inputs Props) Props
	// Check returns faults of the inputs; unknown values pass.
	Check func(inputs Props) []Failure
	// Stale returns properties that require a replacement although no input changed.
	Stale func(inputs, state Props) []string
	// Create returns the id and the computed properties.
	Create func(inputs Props, operation Operation) (id string, outputs Props, err error)
	// Read returns properties that change with time.
	Read func(state Props) Props
	// Update returns new computed properties. If it is nil, those of the state are kept and known in a preview.
	Update func(inputs, state Props, operation Operation) (Props, error)
	// Delete removes everything that exists outside of the state.
	Delete func(state Props, operation Operation) error
}
