/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-signals.h"

static const int held[] = { SIGXFSZ, SIGPIPE };

/**
 * ckpt_signals_hold:
 *
 * Holds the signals back in this thread only: how the process treats them is not a library's to change.
 *
 * Returns: what to give back to ckpt_signals_release()
 */
CkptSignals
ckpt_signals_hold (void)
{
  CkptSignals self;
  sigset_t set;

  sigemptyset (&set);
  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    sigaddset (&set, held[i]);
  pthread_sigmask (SIG_BLOCK, &set, &self.before);
  return self;
}

/**
 * ckpt_signals_release:
 * @self: what ckpt_signals_hold() gave
 *
 * Forgets those that came meanwhile, and lets the thread have them again.
 */
void
ckpt_signals_release (CkptSignals *self)
{
  const struct timespec now = { 0 };
  sigset_t set;

  sigemptyset (&set);
  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    if (!sigismember (&self->before, held[i]))
      sigaddset (&set, held[i]);
  while (sigtimedwait (&set, NULL, &now) > 0)
    continue;
  pthread_sigmask (SIG_SETMASK, &self->before, NULL);
}
