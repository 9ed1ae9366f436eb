/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/**
 * TracerCall:
 * @thread: which thread does it
 * @name: of the system call, such as "pwrite64", or its number
 * @path: (nullable): what its descriptor, or the folder that its path is relative to, leads to
 * @args: its arguments
 *
 * One system call of the traced program, about to be done.
 */
typedef struct
{
  pid_t thread;
  const char *name;
  const char *path;
  guint64 args[6];
} TracerCall;

/**
 * TracerAct:
 * @TRACER_LET: it is done
 * @TRACER_KILL: the program ends here, as by kill -9
 * @TRACER_FAIL: it is not done, and gives an error
 * @TRACER_FAIL_AFTER: it is done, and gives an error all the same
 * @TRACER_SHORTEN: it is done with half the length, which is the argument @length_arg
 */
typedef enum
{
  TRACER_LET,
  TRACER_KILL,
  TRACER_FAIL,
  TRACER_FAIL_AFTER,
  TRACER_SHORTEN,
} TracerAct;

typedef struct
{
  TracerAct act;
  int number; /* the errno of the error */
  guint length_arg;
} TracerAnswer;

/**
 * TracerFunc:
 * @call: a call that comes next
 *
 * Returns: what to do with it
 */
typedef TracerAnswer (*TracerFunc) (const TracerCall *call, gpointer user_data);

gboolean tracer_is_possible (void);
int      tracer_run         (const char *const *argv,
                             TracerFunc         func,
                             gpointer           user_data,
                             char             **output);

G_END_DECLS
