package provider

import "context"

// Failure is what is wrong with an input.
type Failure struct {
	Property, Reason string
}

// Operation is what a resource may use while it is being worked on.
type Operation struct {
	// Done when the engine wants no more of it.
	Context context.Context
	// Shows a line beside the resource.
	Log func(line string)
}

// Type is what a stand-in knows of one resource type. Properties are plain here: see Props.
type Type struct {
	// Computed properties are told by Create and Update alone, and unknown in a preview.
	Computed []string
	// Secret ones of them are so always.
	Secret []string
	// InheritsSecrecy makes all of them secret as soon as any input is.
	InheritsSecrecy bool
	// Replaces says whether a changed input replaces the resource. Where it is nil, every one does.
	Replaces func(input string) bool
	// Defaults gives values of inputs that the program left out.
	Defaults func(inputs Props) Props
	// Check says what is wrong with the inputs; unknown ones pass.
	Check func(inputs Props) []Failure
	// Stale gives properties that call for a replacement although no input changed.
	Stale func(inputs, state Props) []string
	// Create gives the id and the computed properties.
	Create func(inputs Props, operation Operation) (id string, outputs Props, err error)
	// Read gives properties that time has changed.
	Read func(state Props) Props
	// Update gives new computed properties. Where it is nil those of the state are kept, and a preview knows them.
	Update func(inputs, state Props, operation Operation) (Props, error)
	// Delete removes what there is beside the state.
	Delete func(state Props, operation Operation) error
}
