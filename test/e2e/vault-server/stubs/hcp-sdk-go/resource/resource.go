// Package resource replaces a part of HashiCorp Cloud's API, which no test uses and takes long to compile.
package resource

type Resource struct{}

func FromString(string) (Resource, error) { return Resource{}, nil }
