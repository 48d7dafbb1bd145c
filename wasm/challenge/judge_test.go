package challenge_test

import (
	"testing"

	"github.com/fetch401/fetch401/wasm/challenge"
)

const (
	plain401 = challenge.Refreshable
	scope    = challenge.InsufficientScope
	stepUp   = challenge.StepUp
	foreign  = challenge.Foreign
)

var judgeVectors = []struct {
	source string
	field  string
	want   [2]challenge.Verdict // in session mode, in bearer mode
}{
	{"CONTRACT §4: an absent or unreadable field is a plain 401", ``, [2]challenge.Verdict{plain401, plain401}},
	{"the same", `@@@`, [2]challenge.Verdict{plain401, plain401}},
	{"the same", `realm="x"`, [2]challenge.Verdict{plain401, plain401}},
	{"CONTRACT §4: Basic, Digest, Negotiate, NTLM are foreign in session mode", `Basic realm="x"`, [2]challenge.Verdict{foreign, foreign}},
	{"the same", `DIGEST realm="x", nonce="y"`, [2]challenge.Verdict{foreign, foreign}},
	{"the same, as IIS sends them", `Negotiate, NTLM`, [2]challenge.Verdict{foreign, foreign}},
	{"the same with token68", `Negotiate abc==`, [2]challenge.Verdict{foreign, foreign}},
	{"CONTRACT §4: when no other challenge is present", `Basic realm="x", Session realm="y"`, [2]challenge.Verdict{plain401, foreign}},
	{"CONTRACT §4: in bearer mode every scheme but Bearer", `Session realm="y"`, [2]challenge.Verdict{plain401, foreign}},
	{"RFC 9449 §7.1: DPoP is another scheme", `DPoP error="invalid_token"`, [2]challenge.Verdict{plain401, foreign}},
	{"a foreign error says nothing about our credentials", `Basic error="insufficient_scope"`, [2]challenge.Verdict{foreign, foreign}},
	{"only foreign as far as could be read", `Basic realm="My "App"", Bearer`, [2]challenge.Verdict{plain401, plain401}},
	{"the same", `Basic realm="x", ???`, [2]challenge.Verdict{plain401, plain401}},
	{"RFC 6750 §3: no authentication was sent", `Bearer realm="example"`, [2]challenge.Verdict{plain401, plain401}},
	{"RFC 6750 §3.1: invalid_token", `Bearer error="invalid_token"`, [2]challenge.Verdict{plain401, plain401}},
	{"RFC 6750 §3.1: invalid_request", `Bearer error="invalid_request"`, [2]challenge.Verdict{plain401, plain401}},
	{"RFC 6750 §3.1: insufficient_scope", `Bearer error="insufficient_scope", scope="admin"`, [2]challenge.Verdict{scope, scope}},
	{"RFC 6750 §3: error as a token", `Bearer error=insufficient_scope`, [2]challenge.Verdict{scope, scope}},
	{"RFC 9110 §11.1: names without case", `BEARER ERROR="insufficient_scope"`, [2]challenge.Verdict{scope, scope}},
	{"RFC 6750 §3.1: codes with case", `Bearer error="Insufficient_Scope"`, [2]challenge.Verdict{plain401, plain401}},
	{"a code inside another value is none", `Bearer error_description="error=insufficient_scope"`, [2]challenge.Verdict{plain401, plain401}},
	{"RFC 9470 §3", `Bearer error="insufficient_user_authentication", max_age="5"`, [2]challenge.Verdict{stepUp, stepUp}},
	{"RFC 9470 §3, beside a foreign scheme", `Basic realm="x", Bearer error="insufficient_user_authentication"`, [2]challenge.Verdict{stepUp, stepUp}},
	{"RFC 9110 §11.6.1: another Bearer challenge that a refresh satisfies", `Bearer error="insufficient_scope", Bearer error="invalid_token"`, [2]challenge.Verdict{plain401, plain401}},
	{"the same in the other order", `Bearer error="invalid_token", Bearer error="insufficient_user_authentication"`, [2]challenge.Verdict{plain401, plain401}},
	{"another scheme without error: an alternative in session mode", `Bearer error="insufficient_scope", Session`, [2]challenge.Verdict{plain401, scope}},
	{"a login satisfies one of them", `Bearer error="insufficient_scope", Bearer error="insufficient_user_authentication"`, [2]challenge.Verdict{stepUp, stepUp}},
	{"the same in the other order", `Bearer error="insufficient_user_authentication", Bearer error="insufficient_scope"`, [2]challenge.Verdict{stepUp, stepUp}},
	{"the code stands before the part that cannot be read", `Bearer error="insufficient_scope", error_description="needs "admin""`, [2]challenge.Verdict{scope, scope}},
	{"the code is the part that cannot be read", `Bearer error="insufficient_scope`, [2]challenge.Verdict{plain401, plain401}},
	{"a repeated name: the first counts", `Bearer error="invalid_token", error="insufficient_scope"`, [2]challenge.Verdict{plain401, plain401}},
}

func TestJudge(t *testing.T) {
	for _, v := range judgeVectors {
		for i, bearer := range []bool{false, true} {
			if got := challenge.Judge(v.field, bearer); got != v.want[i] {
				t.Errorf("%s: Judge(%q, %v) = %d, want %d", v.source, v.field, bearer, got, v.want[i])
			}
		}
	}
}

// The first value is what a caller without a verdict has: a plain 401.
func TestZeroVerdictIsRefreshable(t *testing.T) {
	var v challenge.Verdict
	if v != challenge.Refreshable {
		t.Error("the zero Verdict must be Refreshable")
	}
}
