package provider

import (
	"fmt"
	"slices"
	"strings"
)

// The checks are in the words of the original providers. Unknown values pass.

// OneOf checks a string property.
func OneOf(inputs Props, property string, allowed ...string) []Failure {
	value, isText := inputs[property].(string)
	if !isText || slices.Contains(allowed, value) {
		return nil
	}
	return []Failure{{property, fmt.Sprintf("value must be one of: %s, got: %q", strings.Join(allowed, ", "), value)}}
}

// EachOneOf checks a property that is a list of strings.
func EachOneOf(inputs Props, property string, allowed ...string) []Failure {
	var failures []Failure
	for _, value := range Texts(inputs, property) {
		failures = append(failures, OneOf(Props{property: value}, property, allowed...)...)
	}
	return failures
}

// AtLeast checks a number property.
func AtLeast(inputs Props, property string, least float64) []Failure {
	value, isNumber := inputs[property].(float64)
	if !isNumber || value >= least {
		return nil
	}
	return []Failure{{property, fmt.Sprintf("value must be at least %v, got: %v", least, value)}}
}
