/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <signal.h>

G_BEGIN_DECLS

/**
 * CkptSignals:
 *
 * What the calling thread did with signals before it began to write. As long as this lives, neither a file-size limit (SIGXFSZ) nor a
 * broken pipe (SIGPIPE) ends the process: the call fails instead.
 */
typedef struct
{
  sigset_t before;
} CkptSignals;

CkptSignals ckpt_signals_hold    (void);
void        ckpt_signals_release (CkptSignals *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptSignals, ckpt_signals_release)

G_END_DECLS
