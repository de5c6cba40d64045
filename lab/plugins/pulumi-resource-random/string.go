package main

import (
	"fmt"

	"lab/plugins/provider"
)

// Kinds of characters: input that asks for one, input that asks for a minimum of it, and what it consists of.
var kinds = []struct{ on, least, characters string }{
	{"special", "minSpecial", "!@#$%&*()-_=+[]{}<>:?"},
	{"upper", "minUpper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
	{"lower", "minLower", "abcdefghijklmnopqrstuvwxyz"},
	{"numeric", "minNumeric", "0123456789"},
}

var randomString = provider.Type{
	Computed: []string{"result"},
	Defaults: stringDefaults,
	Check:    checkString,
	Create: func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		result := generate(inputs)
		return result, provider.Props{"result": result}, nil
	},
}

// The same string, secret.
var randomPassword = provider.Type{
	Computed: []string{"result"},
	Secret:   []string{"result"},
	Defaults: stringDefaults,
	Check:    checkString,
	Create: func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		// The id is not secret, so it does not hold the password.
		return "none", provider.Props{"result": generate(inputs)}, nil
	},
}

func stringDefaults(inputs provider.Props) provider.Props {
	// "number" is the old name of "numeric": either sets both.
	var digits any = true
	for _, name := range []string{"number", "numeric"} {
		if value, has := inputs[name]; has && value != provider.Unknown {
			digits = value
		}
	}
	defaults := provider.Props{}
	for _, kind := range kinds {
		defaults[kind.on], defaults[kind.least] = true, 0
	}
	defaults["number"], defaults["numeric"] = digits, digits
	return defaults
}

func checkString(inputs provider.Props) []provider.Failure {
	failures := provider.AtLeast(inputs, "length", 1)
	sum, none := 0, true
	for _, kind := range kinds {
		sum += provider.Number(inputs, kind.least)
		off, known := inputs[kind.on].(bool)
		none = none && known && !off
	}
	if length, known := inputs["length"].(float64); known && int(length) < sum {
		failures = append(failures, provider.Failure{Property: "length", Reason: fmt.Sprintf(
			"value must be at least sum of minUpper + minLower + minNumeric + minSpecial = %d, got: %v", sum, length)})
	}
	if none {
		failures = append(failures, provider.Failure{
			Property: "numeric", Reason: "at least one of special, upper, lower, numeric must be true",
		})
	}
	number, hasNumber := inputs["number"].(bool)
	numeric, hasNumeric := inputs["numeric"].(bool)
	if hasNumber && hasNumeric && number != numeric {
		failures = append(failures, provider.Failure{
			Property: "number", Reason: "number and numeric are both configured with different values",
		})
	}
	return failures
}

func generate(inputs provider.Props) string {
	var all string
	var result []rune
	for _, kind := range kinds {
		characters := kind.characters
		if own := provider.Text(inputs, "overrideSpecial"); kind.on == "special" && own != "" {
			characters = own
		}
		if provider.Flag(inputs, kind.on) {
			all += characters
		}
		result = append(result, pick(characters, provider.Number(inputs, kind.least))...)
	}
	result = append(result, pick(all, provider.Number(inputs, "length")-len(result))...)
	// In random order, each order as likely as any other (Fisher-Yates).
	for last := len(result) - 1; last > 0; last-- {
		other := below(last + 1)
		result[last], result[other] = result[other], result[last]
	}
	return string(result)
}

func pick(characters string, count int) []rune {
	from := []rune(characters)
	var picked []rune
	for range count {
		picked = append(picked, from[below(len(from))])
	}
	return picked
}
