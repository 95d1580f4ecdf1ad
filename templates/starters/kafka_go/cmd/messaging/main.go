// Command messaging produces to and consumes from the topic of settings.json.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/messaging/internal/handler"
	"example.com/messaging/internal/health"
	"example.com/messaging/internal/logs"
	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

type command func(context.Context, settings.Settings, []string) error

var commands = map[string]command{
	"create":    create,
	"send":      send,
	"consume":   consume,
	"bench":     runBench,
	"reachable": reachable,
}

func main() {
	slog.SetDefault(logs.New(os.Stderr))
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	if len(arguments) == 0 || commands[arguments[0]] == nil {
		fmt.Fprintln(os.Stderr, "usage: messaging create | send [--count N | --stdin] | consume | bench [--seconds N] | reachable")
		return 2
	}
	found, err := settings.Load(settings.File, os.LookupEnv)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := commands[arguments[0]](ctx, found, arguments[1:]); err != nil {
		slog.Error("ended with an error", "error", err.Error())
		return 1
	}
	return 0
}

func create(ctx context.Context, s settings.Settings, _ []string) error {
	return messaging.CreateTopics(ctx, s)
}

func consume(ctx context.Context, s settings.Settings, _ []string) error {
	if err := messaging.RequireTopics(ctx, s, s.Topic, s.DeadLetterTopic); err != nil {
		return err
	}
	consumer, err := messaging.NewConsumer(ctx, s, handler.Handle)
	if err != nil {
		return err
	}
	slog.Info("consuming", "topic", s.Topic, "group", s.ConsumerGroup)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return consumer.Run(ctx) })
	group.Go(func() error { return health.Serve(ctx, s.HealthPort, consumer.IsAlive) })
	if err := group.Wait(); err != nil {
		return err
	}
	slog.Info("stopped")
	return nil
}

// Ends well when a broker answers at the settings' address, or when that address is not on this machine.
func reachable(_ context.Context, s settings.Settings, _ []string) error {
	first, _, _ := strings.Cut(s.BootstrapServers, ",")
	host, _, err := net.SplitHostPort(first)
	if err != nil || !slices.Contains([]string{"127.0.0.1", "localhost"}, host) {
		return nil
	}
	connection, err := net.DialTimeout("tcp", first, 3*time.Second)
	if err != nil {
		return errors.New("no broker at " + first)
	}
	return connection.Close()
}
