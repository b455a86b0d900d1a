// Package awskms replaces a cloud's key service, with which no test seals: its API takes long to compile.
package awskms

import (
	hclog "github.com/hashicorp/go-hclog"
	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
)

const (
	EnvVaultAwsKmsSealKeyId = "EnvVaultAwsKmsSealKeyId"
	EnvAwsKmsWrapperKeyId   = "EnvAwsKmsWrapperKeyId"
)

// Wrapper seals nothing.
type Wrapper struct{ wrapping.Wrapper }

func NewWrapper() *Wrapper { return &Wrapper{} }

// WithLogger sets nothing. Vault passes it to another wrapper.
func WithLogger(hclog.Logger) wrapping.Option { return wrapping.WithConfigMap(nil) }

func WithDisallowEnvVars(bool) wrapping.Option { return wrapping.WithConfigMap(nil) }
