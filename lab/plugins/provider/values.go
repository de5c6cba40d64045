package provider

// Marks of the engine's in property values (sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi).
const (
	unknownOnWire   = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
	signatureKey    = "4dabf18193072939515e22adb298388d"
	secretSignature = "1b47061264138c4ac30d75fd1eb44270"
)

type unknownValue struct{}

// Unknown stands for a value that a preview cannot know.
var Unknown = unknownValue{}

// Props are a resource's properties, of JSON's types: as the engine sends them, with its marks, or plain, without.
// Plain ones have no secrets, only their values, Unknown for what is unknown, and nothing for null, which the originals read so.
type Props = map[string]any

func secret(value any) Props {
	return Props{signatureKey: secretSignature, "value": value}
}

func isSecret(value Props) bool {
	return value[signatureKey] == secretSignature
}

func plain(props Props) Props {
	result := Props{}
	for key, value := range props {
		if value != nil {
			result[key] = plainValue(value)
		}
	}
	return result
}

func plainValue(value any) any {
	switch value := value.(type) {
	case string:
		if value == unknownOnWire {
			return Unknown
		}
	case []any:
		result := make([]any, len(value))
		for index, element := range value {
			result[index] = plainValue(element)
		}
		return result
	case Props:
		if isSecret(value) {
			return plainValue(value["value"])
		}
		return plain(value)
	}
	return value
}

// hasSecret says whether a value of the engine's holds a secret at any depth.
func hasSecret(value any) bool {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			if hasSecret(element) {
				return true
			}
		}
	case Props:
		if isSecret(value) {
			return true
		}
		for _, element := range value {
			if hasSecret(element) {
				return true
			}
		}
	}
	return false
}

// Text is a plain string property; empty where it is missing or unknown.
func Text(props Props, property string) string {
	text, _ := props[property].(string)
	return text
}

// Number is a plain number property as an integer; 0 where it is missing or unknown.
func Number(props Props, property string) int {
	number, _ := props[property].(float64)
	return int(number)
}

// Flag is a plain boolean property; false where it is missing or unknown.
func Flag(props Props, property string) bool {
	flag, _ := props[property].(bool)
	return flag
}

// Texts is a plain list of strings.
func Texts(props Props, property string) []string {
	var texts []string
	list, _ := props[property].([]any)
	for _, element := range list {
		if text, isText := element.(string); isText {
			texts = append(texts, text)
		}
	}
	return texts
}
