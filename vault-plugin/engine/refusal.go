package engine

import (
	"errors"
	"fmt"

	"github.com/hashicorp/vault/sdk/logical"
)

// refusal is an error whose reason is in the request or in the configuration, not in Genesys Cloud.
type refusal struct{ message string }

func (r *refusal) Error() string { return r.message }

func refuse(format string, values ...any) error {
	return &refusal{fmt.Sprintf(format, values...)}
}

// answer returns a refusal as Vault's status 400, and any other error as it is.
func answer(response *logical.Response, err error) (*logical.Response, error) {
	var refused *refusal
	if errors.As(err, &refused) {
		return logical.ErrorResponse(err.Error()), nil
	}
	return response, err
}
