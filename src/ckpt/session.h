/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

#include "command.h"
#include "json.h"
#include "output.h"

G_BEGIN_DECLS

/**
 * Session:
 * @output: standard output
 * @json: (nullable): where members of a file's object go; NULL if text is wanted
 * @file: (type filename): the file that is being shown
 * @n_files: how many there are in all
 * @n_headed: how many have been headed by their name
 *
 * What is shared by the subcommands that show one file after the other.
 */
typedef struct
{
  Output *output;
  JsonStream *json;
  const char *file;
  guint n_files;
  guint n_headed;
} Session;

/**
 * SessionFunc:
 * @tree: what is in the file
 *
 * Shows one file.
 *
 * Returns: FALSE with an error if it could not, in part or at all
 */
typedef gboolean (*SessionFunc) (Session   *session,
                                 CkptTree  *tree,
                                 gpointer   user_data,
                                 GError   **error);

/**
 * SessionSpec:
 * @schema: the stable name of what the JSON looks like
 * @show: shows one file
 * @show_failed: (nullable): shows what there is of a file that could not be opened
 */
typedef struct
{
  const char *schema;
  SessionFunc show;
  void (*show_failed) (Session  *session,
                       gpointer  user_data);
} SessionSpec;

ExitStatus session_run           (const SessionSpec  *spec,
                                  gboolean            wants_json,
                                  char              **files,
                                  guint               n_files,
                                  gpointer            user_data);
void       session_print_name    (Session            *self);
void       session_print_heading (Session            *self);

G_END_DECLS
