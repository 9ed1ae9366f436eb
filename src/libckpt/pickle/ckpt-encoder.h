/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-archive.h"
#include "io/ckpt-sink.h"
#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

gboolean ckpt_encode (const CkptNodes *nodes,
                      CkptArchive     *archive,
                      CkptNodeId       root,
                      const CkptSink  *sink,
                      GError         **error);

G_END_DECLS
