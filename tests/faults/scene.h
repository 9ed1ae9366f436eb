/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tracer.h"

G_BEGIN_DECLS

/**
 * SceneCall:
 * @call: a system call of the thread that saves
 * @nth: which one of that name it is, from 0 on. So it is found again even where others, such as those that get memory, differ
 */
typedef struct
{
  TracerCall call;
  guint nth;
} SceneCall;

/**
 * Scene:
 * @folder: where it happens; nothing else is in it
 * @from: the file that is read
 * @path: the file that is written; may be the same
 * @argv: the command that does it
 * @old_content: of @from
 * @new_content: of @path once it was saved, known after scene_rehearse()
 * @calls: (element-type SceneCall): what a saving does, known after scene_rehearse()
 *
 * A command that saves a file, done again and again with one thing going wrong.
 */
typedef struct
{
  char *folder;
  char *from;
  char *path;
  char **argv;
  GBytes *old_content;
  GBytes *new_content;
  GPtrArray *calls;
} Scene;

typedef enum
{
  SCENE_OLD,
  SCENE_NEW,
} SceneState;

Scene     *scene_new              (const char        *original,
                                   gboolean           is_over,
                                   const char *const *words);
void       scene_free             (Scene             *self);
void       scene_rehearse         (Scene             *self);
int        scene_play             (Scene             *self,
                                   const SceneCall   *which,
                                   TracerAnswer       answer,
                                   char             **output);
SceneState scene_get_state        (Scene             *self);
char     **scene_list_temporaries (Scene             *self);
gboolean   scene_is_inside        (Scene             *self,
                                   const TracerCall  *call);
gboolean   scene_is_temporary     (const TracerCall  *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

G_END_DECLS
