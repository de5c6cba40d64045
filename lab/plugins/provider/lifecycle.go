package provider

import (
	"maps"
	"reflect"
	"slices"

	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func check(kind Type, news Props) (inputs Props, failures []Failure) {
	inputs = Props{}
	if kind.Defaults != nil {
		inputs = kind.Defaults(plain(news))
	}
	for property, value := range news {
		// A null is a property left out.
		if _, hasDefault := inputs[property]; value != nil || !hasDefault {
			inputs[property] = value
		}
	}
	if kind.Check != nil {
		failures = kind.Check(plain(inputs))
	}
	return inputs, failures
}

type change struct {
	property    string
	added, gone bool
	replaces    bool
}

func (c change) kind() rpc.PropertyDiff_Kind {
	kinds := []rpc.PropertyDiff_Kind{rpc.PropertyDiff_UPDATE, rpc.PropertyDiff_UPDATE_REPLACE}
	switch {
	case c.added:
		kinds = []rpc.PropertyDiff_Kind{rpc.PropertyDiff_ADD, rpc.PropertyDiff_ADD_REPLACE}
	case c.gone:
		kinds = []rpc.PropertyDiff_Kind{rpc.PropertyDiff_DELETE, rpc.PropertyDiff_DELETE_REPLACE}
	}
	if c.replaces {
		return kinds[1]
	}
	return kinds[0]
}

// diff gives changed inputs, and what has gone stale by itself. An unknown value counts as changed.
func diff(kind Type, oldInputs, state, news Props) []change {
	before, after := plain(oldInputs), plain(news)
	all := maps.Clone(before)
	maps.Copy(all, after)
	var changes []change
	for _, property := range slices.Sorted(maps.Keys(all)) {
		old, had := before[property]
		now, has := after[property]
		if reflect.DeepEqual(old, now) {
			continue
		}
		replaces := kind.Replaces == nil || kind.Replaces(property)
		changes = append(changes, change{property: property, added: !had, gone: !has, replaces: replaces})
	}
	if kind.Stale != nil {
		for _, property := range kind.Stale(after, plain(state)) {
			changes = append(changes, change{property: property, replaces: true})
		}
	}
	return changes
}

func create(kind Type, inputs Props, preview bool, operation Operation) (id string, state Props, err error) {
	if preview {
		return "", merged(inputs, unknowns(kind)), nil
	}
	id, outputs, err := kind.Create(plain(inputs), operation)
	if err != nil {
		return "", nil, err
	}
	return id, merged(inputs, sealed(kind, inputs, outputs)), nil
}

func update(kind Type, state, inputs Props, preview bool, operation Operation) (Props, error) {
	if kind.Update == nil {
		kept := Props{}
		for _, property := range kind.Computed {
			if value, has := state[property]; has {
				kept[property] = value
			}
		}
		return merged(inputs, kept), nil
	}
	if preview {
		return merged(inputs, unknowns(kind)), nil
	}
	outputs, err := kind.Update(plain(inputs), plain(state), operation)
	if err != nil {
		return nil, err
	}
	return merged(inputs, sealed(kind, inputs, outputs)), nil
}

func read(kind Type, state Props) Props {
	if kind.Read == nil {
		return state
	}
	return merged(state, kind.Read(plain(state)))
}

func merged(first, second Props) Props {
	result := maps.Clone(first)
	maps.Copy(result, second)
	return result
}

func unknowns(kind Type) Props {
	result := Props{}
	for _, property := range kind.Computed {
		result[property] = unknownOnWire
	}
	return result
}

// sealed gives computed properties with their secret marks.
func sealed(kind Type, inputs, outputs Props) Props {
	all := kind.InheritsSecrecy && hasSecret(inputs)
	result := Props{}
	for property, value := range outputs {
		if all || slices.Contains(kind.Secret, property) {
			value = secret(value)
		}
		result[property] = value
	}
	return result
}
