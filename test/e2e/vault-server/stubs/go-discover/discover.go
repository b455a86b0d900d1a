// Package discover replaces the search for peers by the APIs of a dozen clouds: a test server has
// no peers, and those APIs take minutes to compile.
package discover

import (
	"errors"
	"log"
)

type Provider interface{}

type Config map[string]string

func (Config) String() string { return "" }

type Discover struct{}

type Option func(*Discover) error

var Providers = map[string]Provider{}

var errNone = errors.New("this test server discovers no peers")

func New(...Option) (*Discover, error)                        { return &Discover{}, nil }
func WithProviders(map[string]Provider) Option                { return func(*Discover) error { return nil } }
func Parse(string) (Config, error)                            { return nil, errNone }
func (*Discover) Addrs(string, *log.Logger) ([]string, error) { return nil, errNone }
