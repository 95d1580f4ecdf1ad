// Command bridge sends a job to the queue of settings.json for each record of the topic.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/bridge/internal/bridge"
	"example.com/bridge/internal/health"
	"example.com/bridge/internal/logs"
	"example.com/bridge/internal/settings"
)

type command func(context.Context, settings.Settings) error

var commands = map[string]command{
	"consume":   consume,
	"reachable": reachable,
}

func main() {
	slog.SetDefault(logs.New(os.Stderr))
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	if len(arguments) == 0 || commands[arguments[0]] == nil {
		fmt.Fprintln(os.Stderr, "usage: bridge consume | reachable")
		return 2
	}
	found, err := settings.Load(settings.File, os.LookupEnv)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := commands[arguments[0]](ctx, found); err != nil {
		slog.Error("ended with an error", "error", err.Error())
		return 1
	}
	return 0
}

func consume(ctx context.Context, s settings.Settings) error {
	bridging, err := bridge.New(ctx, s)
	if err != nil {
		return err
	}
	slog.Info("consuming", "topic", s.Topic, "queue", s.QueueName)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return bridging.Run(ctx) })
	group.Go(func() error { return health.Serve(ctx, s.HealthPort, bridging.IsAlive) })
	if err := group.Wait(); err != nil {
		return err
	}
	slog.Info("stopped")
	return nil
}

// Ends well when broker and queue answer at the settings' addresses, or when those are not on this machine.
func reachable(_ context.Context, s settings.Settings) error {
	first, _, _ := strings.Cut(s.BootstrapServers, ",")
	found := answers(first)
	if s.EndpointURL == nil {
		return found
	}
	endpoint, err := url.Parse(*s.EndpointURL)
	if err != nil {
		return err
	}
	return errors.Join(found, answers(net.JoinHostPort(endpoint.Hostname(), cmp.Or(endpoint.Port(), "80"))))
}

func answers(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !slices.Contains([]string{"127.0.0.1", "localhost"}, host) {
		return nil
	}
	connection, err := net.DialTimeout("tcp", address, 3*time.Second)
	if err != nil {
		return errors.New("nothing answers at " + address)
	}
	return connection.Close()
}
