package challenge

import (
	"strings"
	"testing"
)

func TestDemand(t *testing.T) {
	long := strings.Repeat("a", longestDemand)
	for field, want := range map[string]string{
		``: "\n",
		`Bearer error="insufficient_user_authentication"`:                                    "\n",
		`Bearer error="insufficient_user_authentication", acr_values="mfa hwk", max_age=300`: "mfa hwk\n300",
		`Bearer ACR_VALUES=mfa, Max_Age="0"`:                                                 "mfa\n0",
		`Basic realm="x", Bearer max_age="5", DPoP acr_values="b", max_age="6"`:              "b\n5",
		`Bearer acr_values="a\"b", max_age="-1"`:                                             "a\"b\n",
		`Bearer max_age="1e3"`:                                                               "\n",
		`Bearer max_age=1234567890`:                                                          "\n1234567890",
		`Bearer max_age=12345678901`:                                                         "\n",
		"Bearer acr_values=\"caf\xe9\", acr_values=\"second\"":                               "second\n",
		"Bearer acr_values=\"a\x1fb\"":                                                       "\n",
		"Bearer acr_values=\"" + long + "\"":                                                 long + "\n",
		"Bearer acr_values=\"" + long + "a\"":                                                "\n",
		`Bearer error="insufficient_user_authentication", acr_values=" ~", max_age="` + "9" + `", realm="r"`: " ~\n9",
	} {
		if got := Demand(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}
