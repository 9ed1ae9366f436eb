/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

gboolean interrupt_save (CkptTree               *tree,
                         const char             *path,
                         const CkptSaveOptions  *options,
                         CkptProgressFunc        progress,
                         gpointer                progress_data,
                         CkptSaveReport         *report,
                         GError                **error);

G_END_DECLS
