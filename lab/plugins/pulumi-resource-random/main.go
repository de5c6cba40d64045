// Stand-in for the official random plugin, for the lab where that one cannot be downloaded. What it generates is as random as the
// original's. RandomPassword has no bcryptHash, RandomInteger no seed; RandomBytes, RandomPet and RandomShuffle are missing.
package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"

	"lab/plugins/provider"
)

func main() {
	provider.Serve("random", map[string]provider.Type{
		"random:index/randomId:RandomId":             randomID,
		"random:index/randomInteger:RandomInteger":   randomInteger,
		"random:index/randomPassword:RandomPassword": randomPassword,
		"random:index/randomString:RandomString":     randomString,
		"random:index/randomUuid:RandomUuid":         randomUUID,
	})
}

var randomID = provider.Type{
	Computed: []string{"b64Std", "b64Url", "dec", "hex"},
	Check: func(inputs provider.Props) []provider.Failure {
		return provider.AtLeast(inputs, "byteLength", 1)
	},
	Create: func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		bytes := make([]byte, provider.Number(inputs, "byteLength"))
		rand.Read(bytes)
		id := base64.RawURLEncoding.EncodeToString(bytes)
		prefix := provider.Text(inputs, "prefix")
		return id, provider.Props{
			"b64Std": prefix + base64.StdEncoding.EncodeToString(bytes),
			"b64Url": prefix + id,
			"dec":    prefix + new(big.Int).SetBytes(bytes).String(),
			"hex":    prefix + hex.EncodeToString(bytes),
		}, nil
	},
}

var randomInteger = provider.Type{
	Computed: []string{"result"},
	Check: func(inputs provider.Props) []provider.Failure {
		if _, has := inputs["seed"]; has {
			return []provider.Failure{{Property: "seed", Reason: "the lab's stand-in has no seeded numbers: leave seed out"}}
		}
		return nil
	},
	Create: func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		least, most := provider.Number(inputs, "min"), provider.Number(inputs, "max")
		if most < least {
			return "", nil, errors.New("The minimum (min) value needs to be smaller than or equal to maximum (max) value.")
		}
		result := least + below(most-least+1)
		return strconv.Itoa(result), provider.Props{"result": result}, nil
	},
}

var randomUUID = provider.Type{
	Computed: []string{"result"},
	Create: func(provider.Props, provider.Operation) (string, provider.Props, error) {
		// RFC 9562: version 4, variant 10.
		bytes := make([]byte, 16)
		rand.Read(bytes)
		bytes[6] = bytes[6]&0x0f | 0x40
		bytes[8] = bytes[8]&0x3f | 0x80
		result := fmt.Sprintf("%x-%x-%x-%x-%x", bytes[:4], bytes[4:6], bytes[6:8], bytes[8:10], bytes[10:])
		return result, provider.Props{"result": result}, nil
	},
}

// below is any of the integers from 0 on, each as likely as any other.
func below(limit int) int {
	// The generator of the system cannot fail: Go ends the process where it does.
	number, _ := rand.Int(rand.Reader, big.NewInt(int64(limit)))
	return int(number.Int64())
}
