package challenge_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/challenge"
)

const tokenCharacters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// elementTokens walks the field once, minding nothing but quotes and commas,
// and gives the lower-cased token at the start of each list element: no other
// word can be a scheme.
func elementTokens(field string) []string {
	var tokens []string
	inQuotes, start := false, true
	for i := 0; i < len(field); i++ {
		c := field[i]
		switch {
		case inQuotes && c == '\\':
			i++
		case c == '"':
			inQuotes, start = !inQuotes, false
		case inQuotes:
		case c == ',':
			start = true
		case start && c != ' ' && c != '\t':
			rest := field[i:]
			tokens = append(tokens, strings.ToLower(rest[:len(rest)-len(strings.TrimLeft(rest, tokenCharacters))]))
			start = false
		}
	}
	return tokens
}

func FuzzParse(f *testing.F) {
	for _, v := range parseVectors {
		f.Add(v.field)
	}
	f.Fuzz(func(t *testing.T, field string) {
		got := challenge.Parse(field)
		tokens := elementTokens(field)
		for _, c := range got {
			for len(tokens) > 0 && tokens[0] != c.Scheme {
				tokens = tokens[1:]
			}
			if c.Scheme == "" || len(tokens) == 0 {
				t.Fatalf("scheme %q is no start of a list element outside quotes, in this order: %q", c.Scheme, field)
			}
			tokens = tokens[1:]
			if c.Token68 != "" && (c.Params != nil || !strings.Contains(field, c.Token68)) {
				t.Fatalf("token68 %q with parameters %v, from %q", c.Token68, c.Params, field)
			}
			for _, p := range c.Params {
				if p.Name == "" || strings.Trim(p.Name, tokenCharacters) != "" || strings.ContainsAny(p.Name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
					t.Fatalf("parameter name %q, from %q", p.Name, field)
				}
				if len(p.Value) > len(field) {
					t.Fatalf("value %q is longer than %q", p.Value, field)
				}
			}
		}
		if again := challenge.Parse(plain(got)); !reflect.DeepEqual(again, got) {
			t.Fatalf("what was read does not read the same again:\n field %q\n first %+v\n again %+v", field, got, again)
		}
		// Reading is from left to right: what comes later changes nothing
		// that stands, if the field is well formed so far.
		if more := challenge.Parse(plain(got) + ", " + field); len(got) > 0 {
			if len(more) < len(got) || !reflect.DeepEqual(more[:len(got)-1], got[:len(got)-1]) {
				t.Fatalf("challenges %+v are lost before %q: %+v", got, field, more)
			}
		}
	})
}

func FuzzJudge(f *testing.F) {
	for _, v := range parseVectors {
		f.Add(v.field, true)
		f.Add(v.field, false)
	}
	for _, v := range judgeVectors {
		f.Add(v.field, v.want[0] != v.want[1])
	}
	f.Fuzz(func(t *testing.T, field string, bearer bool) {
		verdict := challenge.Judge(field, bearer)
		codes := map[string]bool{}
		foreign := 0
		all := challenge.Parse(field)
		for _, c := range all {
			switch c.Scheme {
			case "bearer":
			case "basic", "digest", "negotiate", "ntlm":
				foreign++
				continue
			default:
				if bearer {
					foreign++
					continue
				}
			}
			code, _ := c.Param("error")
			codes[code] = true
		}
		switch verdict {
		case challenge.Foreign:
			if len(all) == 0 || foreign != len(all) {
				t.Errorf("foreign, but %+v", all)
			}
		case challenge.StepUp:
			if !codes["insufficient_user_authentication"] {
				t.Errorf("step-up without its code: %+v", all)
			}
		case challenge.InsufficientScope:
			if !codes["insufficient_scope"] || codes["insufficient_user_authentication"] {
				t.Errorf("insufficient scope, but %+v", all)
			}
		}
		if verdict != challenge.Refreshable && (codes[""] || codes["invalid_token"]) {
			t.Errorf("verdict %d, although a refresh may satisfy one of %+v", verdict, all)
		}
		if v := challenge.Judge(`Bearer error="invalid_token", `+field, bearer); v != challenge.Refreshable {
			t.Errorf("verdict %d for an invalid token before %q", v, field)
		}
		if v := challenge.Judge(field+"\x00", bearer); v == challenge.Foreign {
			t.Errorf("foreign, although the end of %q could not be read", field+"\x00")
		}
	})
}
