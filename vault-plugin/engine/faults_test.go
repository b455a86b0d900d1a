package engine

import (
	"strings"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

// losing loses the answer of the first request of a kind.
func losing(method, path string) func(fake.Request) fake.Fault {
	done := false
	return func(r fake.Request) fake.Fault {
		if done || r.Method != method || !strings.HasPrefix(r.Path, path) {
			return fake.None
		}
		done = true
		return fake.AnswerLost
	}
}

// always has a fault for all requests of a kind; no method means all of them.
func always(method, path string, fault fake.Fault) func(fake.Request) fake.Fault {
	return func(r fake.Request) fake.Fault {
		if (method == "" || r.Method == method) && strings.HasPrefix(r.Path, path) {
			return fault
		}
		return fake.None
	}
}
