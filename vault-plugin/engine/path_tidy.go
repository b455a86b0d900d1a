package engine

import (
	"context"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

var tidyFields = map[string]*framework.FieldSchema{
	"clients": {Type: framework.TypeInt, Description: "Clients that the engine had when the run began: the retired ones included, and the master not."},
	"steps":   {Type: framework.TypeInt, Description: "Clients that were deactivated or deleted, or that could not be."},
	"rotated": {Type: framework.TypeInt, Description: "Roles that got a new client."},
	"left":    {Type: framework.TypeInt, Description: "Clients that are left for the next run."},
}

func (b *backend) tidyPath() *framework.Path {
	return &framework.Path{
		Pattern: "tidy", DisplayAttrs: display("", ""),
		HelpSynopsis:    "Remove clients that nobody uses now, and not in a minute.",
		HelpDescription: "The engine does this by itself each minute. Before the mount is disabled: delete the roles, and write tidy until it reports no clients.",
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.UpdateOperation: &framework.PathOperation{
				Callback: b.writeTidy, Summary: "Run the periodic work now.", DisplayAttrs: display("tidy", "clients"),
				ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true,
				Responses: map[int][]framework.Response{200: {{Description: "OK", Fields: tidyFields}}},
			},
		},
	}
}

func (b *backend) writeTidy(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
	cfg, err := loadConfig(ctx, req.Storage)
	if err != nil {
		return answer(nil, err)
	}
	done, err := b.tidy(ctx, req.Storage, cfg)
	response := &logical.Response{Data: map[string]any{
		"clients": done.Clients, "steps": done.Steps, "rotated": done.Rotated, "left": done.Left,
	}}
	if err != nil {
		response.AddWarning(err.Error())
	}
	return response, nil
}
