package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"time"

	"example.com/messaging/internal/bench"
	"example.com/messaging/internal/settings"
)

// Prints whether the assumptions hold on this broker; an error when they do not.
func runBench(ctx context.Context, s settings.Settings, arguments []string) error {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	seconds := flags.Int("seconds", 30, "how long to send")
	_ = flags.Parse(arguments) // it exits on an error
	report, err := bench.Run(ctx, s, time.Duration(*seconds)*time.Second)
	if err != nil {
		return err
	}
	report.Print(os.Stdout)
	if !report.Holds() {
		return errors.New("the assumptions do not hold")
	}
	return nil
}
