/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What every run of `ckpt` ends with. EXIT_FOUND is for the subcommands that look for something. */
typedef enum
{
  EXIT_DONE = 0,
  EXIT_FOUND = 1,
  EXIT_COULD_NOT = 2,
} ExitStatus;

typedef struct _Command Command;

/**
 * Command:
 * @name: the word after `ckpt`
 * @arguments: what follows, as the help shows it
 * @summary: one line for `ckpt --help`
 * @run: does it
 *
 * A subcommand: one row of the table in main.c and one file cmd-NAME.c.
 */
struct _Command
{
  const char *name;
  const char *arguments;
  const char *summary;
  ExitStatus (*run) (const Command *self,
                     int            argc,
                     char         **argv);
};

ExitStatus cmd_edit       (const Command       *self,
                           int                  argc,
                           char               **argv);
ExitStatus cmd_export     (const Command       *self,
                           int                  argc,
                           char               **argv);
ExitStatus cmd_get        (const Command       *self,
                           int                  argc,
                           char               **argv);
ExitStatus cmd_info       (const Command       *self,
                           int                  argc,
                           char               **argv);
ExitStatus cmd_ls         (const Command       *self,
                           int                  argc,
                           char               **argv);
ExitStatus cmd_plot       (const Command       *self,
                           int                  argc,
                           char               **argv);
ExitStatus cmd_stats      (const Command       *self,
                           int                  argc,
                           char               **argv);

char     **command_parse  (const Command       *self,
                           const GOptionEntry  *entries,
                           const char          *description,
                           int                  argc,
                           char               **argv,
                           ExitStatus          *status);
ExitStatus command_misuse (const char          *format,
                           ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
